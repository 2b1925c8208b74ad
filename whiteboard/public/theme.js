// Runs before the first paint, so that a dark room is not greeted by a white flash. See src/shell/theme.ts.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('boardwalk.theme');
  } catch {
    // Storage is switched off: the system's preference decides.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
