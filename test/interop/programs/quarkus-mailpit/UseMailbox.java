import io.quarkiverse.mailpit.test.ChaosConfig;
import io.quarkiverse.mailpit.test.Mailbox;
import io.quarkiverse.mailpit.test.model.Message;

/**
 * Uses the client of quarkus-mailpit. Arguments: the URL of the server without a slash at its end. The server has two
 * messages, "First" and "Second", of which the second has an attachment.
 */
public final class UseMailbox {
    public static void main(String[] args) throws Exception {
        String url = args[0];
        Mailbox mailbox = new Mailbox() {
            @Override
            public String getMailApiUrl() {
                return url;
            }
        };
        System.out.println("found " + mailbox.find("subject:first", null, null).size());
        Message second = mailbox.findFirst("second");
        System.out.println("first " + second.getSubject() + " from " + second.getFrom().getAddress());
        System.out.println("attachments " + second.getAttachments().size());
        System.out.println("text " + second.getText().trim());
        System.out.println("absent " + mailbox.findFirst("subject:absent"));
        System.out.println("messages " + mailbox.getApplicationInfo().getMessages());
        mailbox.setChaos(ChaosConfig.builder().build());
        mailbox.disableChaos();
        mailbox.delete(second.getID());
        System.out.println("left " + mailbox.getMessagesApi().getMessagesParams(0L, 10L).getTotal());
        mailbox.clear();
        System.out.println("left " + mailbox.getMessagesApi().getMessagesParams(0L, 10L).getTotal());
    }
}
