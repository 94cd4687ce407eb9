/**
 * Maps CNS 11643 planes 1 and 2 to Big5. Both sets have nearly the same order of characters, so the table
 * consists of runs of consecutive characters. Each run has the number of its first cell in the plane (row × 94
 * + column), the number of its first cell in Big5 ((lead − 0xA1) × 157 + trail) and its length. Characters of
 * plane 1 that Big5 lacks are left out.
 */
type Run = readonly [cns: number, big5: number, length: number];

// The runs of plane 1 are not formatted, so that the table stays compact.
// prettier-ignore
const PLANE_1: readonly Run[] = [
  [0, 0, 5], [6, 6, 8], [15, 15, 6], [21, 23, 2], [24, 22, 1], [29, 29, 44], [73, 74, 1], [74, 73, 1], [75, 75, 22],
  [98, 98, 1], [100, 100, 27], [127, 128, 1], [128, 127, 1], [129, 129, 19], [148, 149, 1], [149, 148, 1], [150, 150, 4],
  [155, 21, 1], [156, 158, 2], [160, 160, 1], [162, 162, 1], [165, 165, 69], [282, 234, 29], [312, 264, 1],
  [314, 266, 142], [470, 6101, 20], [3290, 471, 1412], [4702, 1884, 424], [5126, 1883, 1], [5127, 2308, 1876],
  [7003, 4571, 1], [7004, 4184, 387], [7391, 4572, 525], [7916, 5286, 1], [7917, 5097, 105], [8023, 5203, 83],
  [8106, 5287, 84], [8190, 5517, 1], [8191, 5371, 54], [8245, 5426, 1], [8246, 5425, 1], [8247, 5427, 90],
  [8337, 5518, 354],
];

// The runs of plane 2 are not formatted, so that the table stays compact.
// prettier-ignore
const PLANE_2: readonly Run[] = [
  [0, 6280, 10], [10, 6291, 33], [43, 6372, 1], [44, 6324, 48], [92, 6373, 46], [138, 6586, 1], [139, 6419, 167],
  [306, 6587, 1840], [2146, 9074, 1], [2147, 8428, 108], [2255, 8537, 537], [2792, 8427, 1], [2793, 9075, 100],
  [2893, 8536, 1], [2894, 9175, 399], [3293, 9575, 1637], [4930, 11761, 1], [4931, 11212, 146], [5077, 11899, 1],
  [5078, 11358, 287], [5365, 12508, 1], [5366, 11645, 116], [5482, 11762, 137], [5619, 11900, 104], [5723, 12425, 1],
  [5724, 12004, 222], [5946, 12227, 198], [6144, 12426, 82], [6226, 12509, 86], [6312, 12226, 1], [6313, 12595, 8],
  [6321, 12604, 153], [6474, 12758, 56], [6530, 13114, 1], [6531, 12814, 113], [6644, 12603, 1], [6645, 12927, 142],
  [6787, 12757, 1], [6788, 13069, 45], [6833, 13115, 71], [6904, 13380, 1], [6905, 13186, 194], [7099, 13381, 490],
  [7589, 13914, 1], [7590, 13871, 43], [7633, 13915, 1], [7634, 13917, 11], [7645, 13916, 1], [7646, 13928, 4],
];

/**
 * Number of characters that share one lead octet in Big5: one for each trail octet in 0x40–0x7E and
 * 0xA1–0xFE. `LOW_TRAILS` is the number of trail octets in 0x40–0x7E.
 */
const TRAILS = 157;
const LOW_TRAILS = 63;

/**
 * Returns the Big5 octets of the character in a cell of CNS 11643 plane 1 or 2; an empty array for a
 * character that Big5 lacks.
 */
export function big5Of(plane: 1 | 2, cell: number): readonly number[] {
  const run = (plane === 1 ? PLANE_1 : PLANE_2).findLast(([from]) => from <= cell);
  if (run === undefined || cell >= run[0] + run[2]) return [];
  const at = run[1] + cell - run[0];
  const trail = at % TRAILS;
  return [0xa1 + Math.floor(at / TRAILS), trail < LOW_TRAILS ? 0x40 + trail : 0xa1 + trail - LOW_TRAILS];
}
