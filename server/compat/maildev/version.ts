/** The version of MailDev that the emulated API reports. */
export const MAILDEV_VERSION = '3.0.0';
