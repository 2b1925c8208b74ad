import { readdirSync, readFileSync } from 'node:fs';

/** Stops a PostgreSQL server with SIGSTOP, all of its processes; answers how to let it go on. */
export function stopPostgres(pid) {
  process.kill(pid, 'SIGSTOP');
  // Stopped, it forks no more: its children are now as they are.
  const children = childrenOf(pid);
  children.forEach((child) => process.kill(child, 'SIGSTOP'));
  return () => [...children, pid].forEach(goOn);
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
