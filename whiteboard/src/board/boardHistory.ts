import * as Y from 'yjs';

/** Origin of one's own edits: what undo takes back, and nothing else. */
export const OWN_EDIT = Symbol('own edit');

/** Typing into the same text that pauses for less than this is one step of undo, in milliseconds. */
const TYPING_PAUSE_MILLIS = 500;

/** Undo and redo of one's own edits; what others did stays, also where it lies between them. */
export class BoardHistory {
  private readonly steps: Y.UndoManager;
  private typingIn: Y.Text | undefined;

  constructor(roots: Y.Map<unknown>[]) {
    this.steps = new Y.UndoManager(roots, {
      trackedOrigins: new Set([OWN_EDIT]),
      captureTimeout: TYPING_PAUSE_MILLIS,
    });
  }

  /** What comes next is a step of its own. */
  nextStep(): void {
    this.typingIn = undefined;
    this.steps.stopCapturing();
  }

  /** What comes next is typing into a text: one step with the typing into the same text just before. */
  typingInto(text: Y.Text): void {
    if (this.typingIn !== text) {
      this.nextStep();
      this.typingIn = text;
    }
  }

  undo(): void {
    this.nextStep();
    this.steps.undo();
  }

  redo(): void {
    this.nextStep();
    this.steps.redo();
  }

  canUndo(): boolean {
    return this.steps.undoStack.length > 0;
  }

  canRedo(): boolean {
    return this.steps.redoStack.length > 0;
  }

  /** Calls back whenever what can be undone or redone may have changed; answers how to stop that. */
  onChange(changed: () => void): () => void {
    const events = ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const;
    events.forEach((event) => this.steps.on(event, changed));
    return () => events.forEach((event) => this.steps.off(event, changed));
  }

  destroy(): void {
    this.steps.destroy();
  }
}
