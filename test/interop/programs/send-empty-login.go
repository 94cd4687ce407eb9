// Sends one message by Go's net/smtp with an empty user name and password: host, port, recipient.
package main

import (
	"fmt"
	"net/smtp"
	"os"
)

func main() {
	host, port, to := os.Args[1], os.Args[2], os.Args[3]
	auth := smtp.PlainAuth("", "", "", host)
	message := []byte("Subject: interop\r\n\r\nhello\r\n")
	if err := smtp.SendMail(host+":"+port, auth, "app@x.test", []string{to}, message); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
