import { type FormEvent, useState } from 'react';
import { DEFAULT_PROJECT } from '../board/boardName';
import { go } from '../shell/navigation';
import { recentBoards } from './recentBoards';

/** Says which project's boards are listed and goes to another one by its name. */
export function ProjectSwitch({ project }: { readonly project: string }) {
  const [name, setName] = useState(project);
  const known = [...new Set([DEFAULT_PROJECT, project, ...recentBoards().map((board) => board.project)])];
  const change = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted !== '' && wanted !== project) {
      go(wanted === DEFAULT_PROJECT ? '/' : `/?project=${encodeURIComponent(wanted)}`);
    }
  };
  return (
    <form className="project-switch" onSubmit={change}>
      <label htmlFor="project">Project</label>
      <input
        id="project"
        value={name}
        list="projects"
        spellCheck={false}
        onChange={(event) => setName(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={() => setName(project)}
      />
      <datalist id="projects">
        {known.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </form>
  );
}
