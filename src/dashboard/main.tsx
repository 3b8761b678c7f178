/** The page at `/`. */

import { render } from 'preact';
import './style/index.css';
import { App, AppContext } from './frame/app.ts';
import { Frame } from './frame/frame.tsx';
import { missingFeature } from './frame/support.ts';
import { views } from './views/index.ts';

const page = document.getElementById('page');
const missing = missingFeature();
if (page === null) throw new Error('index.html has no element "page"');
if (missing !== undefined) {
  page.firstElementChild?.append(` This one lacks ${missing}.`);
} else {
  page.textContent = '';
  render(
    <AppContext.Provider value={new App(views[0].id)}>
      <Frame views={views} />
    </AppContext.Provider>,
    page,
  );
}
