/** How much room the open message and its links take. */
import { ref } from 'vue';

/** Whether the open message takes the whole width of the window. */
export const isWide = ref(false);
/** Whether all links of the open message are listed. */
export const areLinksOpen = ref(false);
