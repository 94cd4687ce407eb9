/**
 * Determines the purpose of a link from the words that senders use: in the link's text first, then in its URL,
 * then in the text around it. The words are in the languages in which large mail senders publish their
 * templates.
 */

import type { LinkKind } from '../../contract/names.ts';

export type { LinkKind };

/**
 * Patterns of words by kind of link, in order of precedence. The first kind that matches is used: a link
 * `confirm that you want to unsubscribe` is an unsubscribe link, not a confirmation link.
 */
const WORDS: readonly (readonly [LinkKind, RegExp])[] = [
  [
    'unsubscribe',
    /unsubscri|opt[\s_-]?out|list-?unsub|manage (?:your )?subscription|abmelden|abbestell|austragen|désabonn|desabonn|désinscri|desinscri|darse de baja|cancelar (?:la )?(?:suscripci|inscri)|desuscri|descadastr|disiscri|annulla iscrizione|afmelden|uitschrijven|wypisz|zrezygnuj|отпис|配信停止|配信解除|退订|退訂|取消订阅|수신\s?거부|구독\s?취소|avprenumerera|avmeld|afmeld|abonelikten/iu,
  ],
  [
    'reset',
    /(?:reset|forgot|forgotten|recover|restore|change|new|choose|set)[\s_-]*(?:a |my |your |new |the )*(?:password|pass\b|pwd|passcode)|password[\s_/-]*(?:reset|recover|change|new|edit|forgot)|account[\s_-]*recovery|\breset\b|(?:passwort|kennwort).{0,20}(?:zurück|ändern|neu|vergessen|setzen)|(?:neues|zurück).{0,15}(?:passwort|kennwort)|réinitialis|reinitialis|nouveau mot de passe|mot de passe oublié|restablec|recuperar? (?:la |tu |su |sua )?(?:contraseña|senha)|cambiar (?:la |tu |su )?contraseña|redefinir|reimposta|recupera (?:la )?password|wachtwoord.{0,20}(?:instellen|wijzigen|herstel)|zresetuj|zmień hasło|сброс|восстанов|重置|重設|再設定|리셋|재설정|återställ|nulstil|tilbakestill|sıfırla/iu,
  ],
  [
    'invite',
    /\binvit(?:e|ation|ed|es)|accept[\s_-]*invit|join[\s_-]+(?:the |your |our |a )?(?:team|workspace|organi[sz]ation|project|group|now)|einlad|invitación|invitacion|convite|convid|invito|uitnodig|zaprosz|приглаш|招待|邀请|邀請|초대|inbjud|invitasjon|davet/iu,
  ],
  [
    'verify',
    /verif|confirm(?!ation number)|activat|validat|double[\s_-]?opt|bestätig|bestaetig|aktivier|freischalt|vérifi|confirmer|activer|valider|confirma|activar|ativar|conferma|attiva|bevestig|activeer|potwierdź|potwierdz|aktywuj|подтверд|активир|確認|認証|验证|驗證|确认|激活|확인|인증|bekräfta|bekræft|bekreft|doğrula|onayla|vahvista/iu,
  ],
  [
    'signin',
    /sign[\s_-]?in\b|log[\s_-]?in\b|magic[\s_-]?link|one[\s_-]?time[\s_-]?(?:link|login)|\/(?:auth|session|sso)\/|anmelden|einloggen|se connecter|connexion|connectez|iniciar sesi[oó]n|inicia sesi[oó]n|\bentrar\b|fazer login|\baccedi\b|inloggen|zaloguj|войти|вход|ログイン|サインイン|登录|登錄|登入|로그인|logga in|log ind|logg inn|giriş/iu,
  ],
];

function kindOfText(text: string): LinkKind | null {
  return WORDS.find(([, words]) => words.test(text))?.[0] ?? null;
}

/**
 * Returns a URL without its host and with percent escapes decoded. The host is left out, because its name does
 * not describe the purpose of the link.
 */
function wordsOfAddress(href: string): string {
  const path = href.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?/i, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Returns the kind of a link, determined from its text and its URL. For a URL in a plain text, `context` is
 * the text before the URL.
 */
export function linkKind(text: string, href: string, context = ''): LinkKind {
  return kindOfText(text) ?? kindOfText(wordsOfAddress(href)) ?? kindOfText(context) ?? 'other';
}
