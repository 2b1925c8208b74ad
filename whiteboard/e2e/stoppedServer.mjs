import { readdirSync, readFileSync } from 'node:fs';

/** Stops a PostgreSQL server with SIGSTOP, all of its processes; answers how to let it go on. */
export function stopPostgres(pid) {
  const family = [pid, ...childrenOf(pid)];
  family.forEach((each) => process.kill(each, 'SIGSTOP'));
  return () => family.toReversed().forEach(goOn);
}

function goOn(pid) {
  try {
    process.kill(pid, 'SIGCONT');
  } catch (problem) {
    if (problem.code !== 'ESRCH') {
      throw problem;
    }
  }
}

function childrenOf(parent) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
