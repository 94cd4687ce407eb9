require 'net/smtp'
host, port, mechanism, to = ARGV
Net::SMTP.start(host, port.to_i, helo: 'client.test', user: '', secret: '', authtype: mechanism.downcase.to_sym) do |smtp|
  smtp.send_message("From: app@x.test\r\nTo: #{to}\r\nSubject: empty login\r\n\r\ntext\r\n", 'app@x.test', to)
end
