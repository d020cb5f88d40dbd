import { HomePage } from './home/home-page.tsx';
import { place } from './state/place.ts';
import { LiveRegions } from './ui/live-regions.tsx';
import { NoticeBar } from './ui/notice-bar.tsx';
import { WorkspacePage } from './workspace/workspace-page.tsx';

/** The page. */
export function App() {
  const here = place.value;
  return (
    <>
      {here.page === 'home' ? (
        <HomePage signInFailed={here.signInFailed} />
      ) : (
        <WorkspacePage key={here.id} id={here.id} />
      )}
      <NoticeBar />
      <LiveRegions />
    </>
  );
}
