import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;

/** Sends a message after a login with an empty user name and an empty password. */
public class SendEmptyLogin {
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    properties.put("mail.smtp.auth", "true");
    properties.put("mail.smtp.auth.mechanisms", args[2]);
    Session session = Session.getInstance(properties);
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress("app@x.test"));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(args[3]));
    message.setSubject("empty login");
    message.setText("text");
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect(args[0], Integer.parseInt(args[1]), "", "");
      transport.sendMessage(message, message.getAllRecipients());
    }
  }
}
