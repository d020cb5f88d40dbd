/** The address of `10.0.0.5/24`. */
export function hostPart(address: string): string {
  const slash = address.indexOf('/');
  return slash < 0 ? address : address.slice(0, slash);
}

/** The MAC address that Docker gives to an endpoint of an overlay: 02:42 and the four bytes of its address. */
export function macOf(address: string): string {
  const bytes = hostPart(address).split('.');
  return ['02', '42', ...bytes.map((byte) => Number(byte).toString(16).padStart(2, '0'))].join(':');
}
