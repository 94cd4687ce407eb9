/**
 * Passes the keys that are pressed in a frame on to the page, so that the keyboard shortcuts of the page also work
 * after a click into the frame.
 */

/** Matches the elements of a mail in which a key enters text or changes a value. */
const EDITABLE = 'input, textarea, select, [contenteditable]';

/** Dispatches a copy of a key event on the frame; cancels the event if the page handles the copy. */
function passOn(frame: HTMLIFrameElement, event: KeyboardEvent): void {
  const { key, code, location, repeat, isComposing, ctrlKey, metaKey, altKey, shiftKey } = event;
  const copy = new KeyboardEvent('keydown', {
    ...{ key, code, location, repeat, isComposing, ctrlKey, metaKey, altKey, shiftKey },
    bubbles: true,
    cancelable: true,
  });
  if (!frame.dispatchEvent(copy)) event.preventDefault();
}

/** Returns whether the browser calls event listeners of this page in the document of a frame. */
function callsListeners(view: Window): boolean {
  let called = false;
  const listener = (): void => void (called = true);
  view.addEventListener('restante', listener);
  view.dispatchEvent(new Event('restante'));
  view.removeEventListener('restante', listener);
  return called;
}

/** The time between two checks whether a frame has the focus, in milliseconds. */
const CHECK = 200;

let lastTab = -Infinity;
addEventListener('keydown', ({ key }) => {
  if (key === 'Tab') lastTab = performance.now();
});

/** Returns whether a document has the focus, with no element of it focused and no text selected. */
function isFocusedAsWhole(view: Window): boolean {
  const { activeElement, body } = view.document;
  const isOnElement = activeElement !== null && activeElement !== body;
  return view.document.hasFocus() && !isOnElement && view.getSelection()?.isCollapsed !== false;
}

/**
 * Moves the focus from the frame to the element around it after a click that selected no text. WebKit calls no
 * listeners in a document without scripts, so that the keys would be lost. The focus stays in the frame if the user
 * selected text, to copy it, or moved the focus into the frame by the Tab key.
 */
function returnFocusAfterClick(frame: HTMLIFrameElement, view: Window): void {
  let wasFocused = false;
  let isByKey = false;
  const timer = setInterval(() => {
    if (!frame.isConnected || frame.contentWindow !== view) {
      clearInterval(timer);
      return;
    }
    const isFocused = view.document.hasFocus();
    if (isFocused && !wasFocused) isByKey = performance.now() - lastTab < 3 * CHECK;
    wasFocused = isFocused;
    if (isByKey || !isFocusedAsWhole(view)) return;
    // After a click into the frame, WebKit regards the previous element of the page as still focused.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    frame.parentElement?.closest<HTMLElement>('[tabindex]')?.focus({ preventScroll: true });
  }, CHECK);
}

/** Starts to pass on to this page the keys that are pressed in the document of a frame with this page's origin. */
export function passKeys(frame: HTMLIFrameElement): void {
  const view = frame.contentWindow;
  if (view === null) return;
  view.addEventListener('keydown', (event) => {
    const [target] = event.composedPath();
    if (!isEditable(target)) passOn(frame, event);
  });
  if (!callsListeners(view)) returnFocusAfterClick(frame, view);
}

/**
 * Returns whether the target of an event is an element of the mail that takes keys itself. The methods of this
 * page's own classes are used: an element of the mail could have overridden its methods by their names, and is no
 * instance of a class of this page.
 */
function isEditable(target: EventTarget | undefined): boolean {
  const isElement = Reflect.get(Node.prototype, 'nodeType', target) === Node.ELEMENT_NODE;
  return isElement && Element.prototype.matches.call(target, EDITABLE);
}
