// Reads mail with Angus Mail and its default settings. Usage: ReadMail.java IMAP_PORT USER
import jakarta.mail.*;
import jakarta.mail.event.*;
import jakarta.mail.internet.*;
import jakarta.mail.search.*;
import java.util.*;
import java.util.concurrent.*;
import org.eclipse.angus.mail.imap.*;

public class ReadMail {
  static final String[] SUBJECTS = {"привет, код 123456", "ご確認ください", "Potwierdź swój adres", "Bestätigung"};
  static final String[] WORDS = {"привет", "確認", "Potwierdź", "Bestätigung"};

  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    properties.put("mail.imap.port", arguments[0]);
    Session session = Session.getInstance(properties);
    Store store = session.getStore("imap");
    store.connect("127.0.0.1", arguments[1], "any password");
    IMAPFolder inbox = (IMAPFolder) store.getFolder("INBOX");
    for (String subject : SUBJECTS) inbox.appendMessages(new Message[] {message(session, subject)});
    inbox.open(Folder.READ_WRITE);
    StringBuilder found = new StringBuilder();
    for (String word : WORDS) found.append(' ').append(inbox.search(new SubjectTerm(word)).length);
    System.out.println("search" + found);
    found.setLength(0);
    for (String word : WORDS) found.append(' ').append(inbox.search(new BodyTerm(word)).length);
    System.out.println("body" + found);
    System.out.println("fetch " + inbox.getMessage(1).getSubject() + " / " + inbox.getMessage(2).getContent());
    inbox.getMessage(1).setFlag(Flags.Flag.FLAGGED, true);
    System.out.println("flagged " + inbox.search(new FlagTerm(new Flags(Flags.Flag.FLAGGED), true)).length);
    Folder made = store.getFolder("Входящие 確認");
    System.out.println("create " + made.create(Folder.HOLDS_MESSAGES));
    for (Folder folder : store.getDefaultFolder().list("*")) System.out.println("folder " + folder.getFullName());
    idle(session, store, arguments[1], inbox);
    store.close();
  }

  static Message message(Session session, String subject) throws Exception {
    MimeMessage message = new MimeMessage(session);
    message.setFrom("a@x.test");
    message.setRecipients(Message.RecipientType.TO, "b@x.test");
    message.setSubject(subject, "utf-8");
    message.setText("Text: " + subject, "utf-8");
    message.saveChanges();
    return message;
  }

  /** A second connection appends while the first idles. */
  static void idle(Session session, Store store, String user, IMAPFolder inbox) throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    inbox.addMessageCountListener(new MessageCountAdapter() {
      public void messagesAdded(MessageCountEvent event) { told.countDown(); }
    });
    Thread waiting = new Thread(() -> { try { inbox.idle(true); } catch (MessagingException error) { throw new IllegalStateException(error); } });
    waiting.start();
    Store other = session.getStore("imap");
    other.connect("127.0.0.1", user, "any password");
    other.getFolder("INBOX").appendMessages(new Message[] {message(session, "news")});
    told.await();
    waiting.join();
    other.close();
    System.out.println("idle " + inbox.getMessageCount());
  }
}
