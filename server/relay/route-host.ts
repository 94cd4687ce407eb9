/** A mail server to try, in order. */
export interface RouteHost {
  /** Its name, or its address where it has no other. */
  readonly name: string;
  readonly port: number;
}
