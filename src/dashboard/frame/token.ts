/** The token a server asked for, for as long as this tab lives. */

const key = 'tickwire.token';

export function keptToken(): string | undefined {
  return sessionStorage.getItem(key) ?? undefined;
}

export function keepToken(token: string): void {
  sessionStorage.setItem(key, token);
}
