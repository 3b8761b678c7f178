declare module 'virtual:land' {
  /** An SVG path: x = longitude, y = -latitude, in quarters of a degree. */
  export const land: string;
}
declare module '*.css';
