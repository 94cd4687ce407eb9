/**
 * Negations beside a word for a code, of all languages. They show that a message says that no code is needed, which
 * announces no code. `words.ts` has the rules that use these words.
 */

/** Words such as `no` before a word for a code; one word may be between them (`no verification code`). */
export const NO_CODE_SPACED =
  'no|kee|keen|kein(?:e[nrms]?)?|aucune?|ningún|ningunha?|ningún|nenhum|nessuna?|nessun|alcuna?|alcun|cap|geen|ingen|inga|inget|intet|enginn|engan|engin|ekkert|mitään|yhtään|mingit|ühtegi|nekād[suai]|nekādu|joki[oų]?|jokių|jokio|żadn\\p{L}{1,3}|žádn\\p{L}{1,3}|žiadn\\p{L}{1,3}|semmilyen|semmiféle|nici ?un|niciun|nici o|nicio|никак\\p{L}{1,3}|ніяк\\p{L}{1,3}|жодн\\p{L}{1,3}|ніводн\\p{L}{1,3}|nikakv\\p{L}{1,3}|nikakav|nijedan|noben\\p{L}{0,3}|никакв\\p{L}{0,3}|никаков|καν[εέ]να[νς]?|καμία|hiçbir|heç bir|hech qanday|ешқандай|эч кандай|ямар ч|asnjë|nuk ka|ebda|dim|aon|ez da|hakuna|walang|geen';

/** Words such as `without` directly before a word for a code. */
export const WITHOUT_CODE_SPACED =
  "without|without an?|without any|(?:do not|don['’]t|no longer|won['’]t) need an?|ohne|ohne einen|brauchen sie (?:nicht|keinen)|sans|sin|sen|sem|senza|sense|fără|zonder|zonder een|utan|uten|uden|án|ilman|ilma|bez|be|без|brez|χωρίς|không cần|không cần nhập|không phải nhập|không yêu cầu|tanpa|tidak perlu|tidak memerlukan|tak perlu|tidak ada|pa|kodsuz|heb|gan|pa";

/** Negations before a word for a code in languages without blanks between words or with prefixes. */
export const NO_CODE_UNSPACED =
  'بدون|دون|لا حاجة (?:إلى|ل)|لا تحتاج إلى|أي|هیچ|بغیر|ללא|בלי|אין צורך ב|שום|बिना|কোনো|无需|無需|不需要|无须|無須|不用|没有|沒有|免|ไม่ต้องใช้|ไม่ต้องกรอก|ไม่ต้อง|ไม่มี|ไม่ใช้|ບໍ່ຕ້ອງ|មិនចាំបាច់|არანაირი|ոչ մի|ያለ';

/** Negations after a word for a code. */
export const NO_CODE_AFTER =
  "(?:is|are|will be) (?:not|no longer) (?:needed|required|necessary)|(?:is|are)n['’]t (?:needed|required|necessary)|(?:wird|ist|werden) (?:nicht|keiner?) (?:mehr )?(?:benötigt|nötig|erforderlich)|n['’]est (?:pas|plus) (?:nécessaire|requis|demandé)|ya no es necesario|no es necesario|já não é necessário|não é (?:mais )?necessári|non (?:è|sarà) (?:più )?(?:necessari|richiest)|is niet (?:meer )?nodig|behövs inte|trengs ikke|er ikke nødvendig|ei tarvita|pole vaja|nav (?:nepieciešam|vajadz)|nereikalin|nebereik|nie jest (?:już )?(?:potrzebn|wymagan)|není (?:již )?(?:potřeba|nutn|třeba)|nie je (?:už )?potrebn|nincs szükség|nélkül|nu (?:mai )?este necesar|не (?:нужен|требуется|понадобится|потрібен|потрібно|трэба|е необходим)|nije (?:više )?potrebn|ni (?:več )?potrebn|δεν (?:χρειάζεται|απαιτείται)|gerekmez|gerekmiyor|gerekmemektedir|olmadan|lazım deyil|kerak emas|không (?:cần|bắt buộc)|tidak (?:diperlukan|dibutuhkan)|は(?:不要|必要ありません|いりません)|なしで|不要|が不要|(?:가|이|는|은)? ?(?:필요 ?없|필요하지 않)|없이|की (?:ज़रूरत|आवश्यकता|जरूरत) नहीं|নেই|দরকার নেই|প্রয়োজন নেই|نیاز نیست|لازم نیست|غير مطلوب|لم يعد مطلوب|کی ضرورت نہیں|אינו נדרש|לא נדרש";
