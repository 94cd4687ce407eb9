/** The words of the current query that are marked in the list and in the open message. */
import { computed } from 'vue';
import { hitsOf } from '../../model/hits.ts';
import { query } from '../shared/place.ts';

export const hits = computed(() => (query.value === '' ? [] : hitsOf(query.value)));
