import { render } from 'preact';
import '@xterm/xterm/css/xterm.css';
import './styles/tokens.css';
import './styles/base.css';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no #app');
render(<App />, root);
