/** Opens another page of the console in place of this one: the way back would only show that this one is gone. */
export function goTo(path: `/${string}`): void {
  location.replace(path);
}
