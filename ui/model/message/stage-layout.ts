/** Computes how the frames of the stage are placed and scaled, so that all of them fit beside each other. */

export type StageFrames = 'devices' | 'themes' | 'all';

export interface StageFrame {
  readonly device: 'phone' | 'desktop' | 'pane';
  readonly dark: boolean;
  /** The layout width of the frame in CSS pixels. */
  readonly width: number;
}

const DEVICE_WIDTHS = { phone: 375, desktop: 1024 } as const;
/** The room between two frames, and the height of the label above a frame, in CSS pixels on the screen. */
export const GAP = 12;
export const LABEL = 24;

const devices = (dark: boolean): readonly StageFrame[] => [
  { device: 'phone', dark, width: DEVICE_WIDTHS.phone },
  { device: 'desktop', dark, width: DEVICE_WIDTHS.desktop },
];

/** Returns the rows of frames; frames of the width of the pane share its width. */
export function stageRows(
  frames: StageFrames,
  dark: boolean,
  available: number,
): readonly (readonly StageFrame[])[] {
  if (frames === 'devices') return [devices(dark)];
  if (frames === 'all') return [devices(false), devices(true)];
  const width = Math.max(DEVICE_WIDTHS.phone, Math.floor((available - 3 * GAP) / 2));
  return [[false, true].map((isDark) => ({ device: 'pane', dark: isDark, width }) as const)];
}

/** Returns the scale at which a row of frames fits into the available width; at most 1. */
export function stageScale(row: readonly StageFrame[], available: number): number {
  const own = row.reduce((sum, { width }) => sum + width, 0);
  const room = available - (row.length + 1) * GAP;
  return Math.max(0.1, Math.min(1, room / own));
}
