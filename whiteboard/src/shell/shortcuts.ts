/** The shortcuts as they are documented in the dialog; the canvas and the fields carry them out. */
export const SHORTCUTS: readonly {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
}[] = [
  {
    title: 'Make',
    rows: [
      ['N', 'New node'],
      ['Double-click', 'New node there'],
      ['Mod + Enter', 'New node, connected to the selected one'],
      ['C', 'Connect the selected node to…'],
      ['Mod + D', 'Duplicate the selection'],
    ],
  },
  {
    title: 'Change',
    rows: [
      ['Enter or F2', 'Edit text or edge'],
      ['Esc', 'Finish typing, or select nothing'],
      ['1 … 8', 'Colour of the selection'],
      ['Arrow keys', 'Move the selection (Shift: further)'],
      ['Delete', 'Delete the selection'],
      ['T', 'Edit the board’s title'],
    ],
  },
  {
    title: 'Go',
    rows: [
      ['Tab', 'Next node or edge'],
      ['Space', 'Select what has the focus'],
      ['Alt + Arrow keys', 'Go to the nearest node that way'],
      ['Mod + K', 'Search all boards'],
      ['R', 'Relationships of the selected node'],
      ['H', 'History of the board'],
      ['Mod + A', 'Select all nodes'],
      ['Shift + drag', 'Select an area'],
    ],
  },
  {
    title: 'See and undo',
    rows: [
      ['Mod + Z', 'Undo what you did'],
      ['Mod + Shift + Z', 'Redo'],
      ['+ and −', 'Zoom'],
      ['0', 'Show the whole board'],
      ['?', 'This list'],
    ],
  },
];

const apple = /Mac|iPhone|iPad/.test(navigator.platform);

/** A shortcut's keys as they are printed on this device's keyboard. */
export function keysOf(shortcut: string): string {
  return shortcut.replace('Mod', apple ? '⌘' : 'Ctrl');
}
