import { Brand } from '../ui/brand.tsx';
import './home-page.css';

/** For whoever is not signed in: where the link is. */
export function SignInPage({ failed = false }: { failed?: boolean }) {
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Brand />
        <h1>{failed ? 'That link is used up' : 'Sign in'}</h1>
        <p>
          {failed
            ? 'A link signs in once, and only for a day.'
            : 'The server printed a link when it started; opening it signs you in.'}
        </p>
        <p>
          For a new link, press <kbd>Enter</kbd> in the terminal where <code>swarmlab serve</code> (or{' '}
          <code>npm start</code>) runs.
        </p>
      </div>
    </main>
  );
}
