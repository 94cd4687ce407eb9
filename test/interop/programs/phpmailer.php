<?php
// Sends one message with PHPMailer: HOST PORT none|starttls|implicit FROM TO [USER PASSWORD MECHANISM].
// Exits with 0 if the server accepted the message, and prints the dialogue.
require '/usr/share/php/libphp-phpmailer/autoload.php';

use PHPMailer\PHPMailer\OAuthTokenProvider;
use PHPMailer\PHPMailer\PHPMailer;

[, $host, $port, $tls, $from, $to] = $argv;
[$user, $password, $mechanism] = array_slice($argv, 6) + ['', '', ''];

$mail = new PHPMailer(true);
$mail->isSMTP();
$mail->SMTPDebug = 2;
$mail->Host = $host;
$mail->Port = (int) $port;
$mail->Timeout = 10;
$mail->CharSet = PHPMailer::CHARSET_UTF8;
$mail->SMTPAutoTLS = $tls === 'starttls';
$mail->SMTPSecure = ['none' => '', 'starttls' => PHPMailer::ENCRYPTION_STARTTLS, 'implicit' => PHPMailer::ENCRYPTION_SMTPS][$tls];
$mail->SMTPOptions = ['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]];
$mail->SMTPAuth = $mechanism !== '';
$mail->AuthType = $mechanism;
$mail->Username = $user;
$mail->Password = $password;
if ($mechanism === 'XOAUTH2') {
    $mail->setOAuth(new class ($user, $password) implements OAuthTokenProvider {
        public function __construct(private string $user, private string $token)
        {
        }

        public function getOauth64(): string
        {
            return base64_encode("user={$this->user}\001auth=Bearer {$this->token}\001\001");
        }
    });
}
$mail->setFrom($from, 'Bücher & Co.');
$mail->addAddress($to);
$mail->Subject = 'Bestellbestätigung – 注文';
$mail->isHTML();
$mail->Body = '<p>Grüße</p>' . str_repeat("<p>.row</p>\r\n", 50);
$mail->AltBody = "Grüße\n.\n..\n" . str_repeat('long ', 300);
$mail->addStringAttachment("a,b\n1,2\n", 'größe.csv');
try {
    $mail->send();
} catch (Exception $error) {
    echo $error->getMessage(), "\n";
    exit(1);
}
