/** Whether the open message takes the whole window, and whether all of its links are listed. */
import { ref } from 'vue';

/** Whether the open message takes the whole width of the window. */
export const isWide = ref(false);
/** Whether all links of the open message are listed. */
export const areLinksOpen = ref(false);
