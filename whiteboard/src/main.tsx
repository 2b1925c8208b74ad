import '@fontsource-variable/inter/index.css';
import '@xyflow/react/dist/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './shell/App';
import './styles/tokens.css';
import './styles/controls.css';
import './styles/canvas.css';
import './styles/board.css';
import './styles/boards.css';
import './styles/panels.css';
import './styles/history.css';

createRoot(document.getElementById('root')!).render(<App />);
