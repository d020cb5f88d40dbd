/** How the session's cookie is called and guarded. */
export interface CookiePolicy {
  name: string;
  secure: boolean;
}

const MAX_AGE_SECONDS = 30 * 24 * 60 * 60;

/**
 * The cookie of a server on `port`. Cookies know no ports, so the name has it: two servers on one machine do not sign each other's
 * users out. `__Host-` (over TLS) keeps other hosts of the domain from setting it.
 */
export function cookiePolicy(port: number, secure: boolean): CookiePolicy {
  return { name: `${secure ? '__Host-' : ''}swarmlab-${port}`, secure };
}

/** The Set-Cookie header that keeps a session: no script can read it, no other site can send it. */
export function setCookie(policy: CookiePolicy, session: string): string {
  const secure = policy.secure ? '; Secure' : '';
  return `${policy.name}=${session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${MAX_AGE_SECONDS}${secure}`;
}

/** The Set-Cookie header that makes the browser forget the session. */
export function clearCookie(policy: CookiePolicy): string {
  return `${policy.name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${policy.secure ? '; Secure' : ''}`;
}

/** The session in a Cookie header; undefined when there is none, or more than one (somebody else's page put one there). */
export function readCookie(policy: CookiePolicy, header: string | undefined): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${policy.name}=`))
    .map((pair) => pair.slice(policy.name.length + 1));
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}
