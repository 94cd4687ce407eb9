"""Signs messages with dkimpy in every canonicalisation, and leaves them with the zone of their key in this folder."""
import base64
import re
import subprocess

import dkim

subprocess.run(['openssl', 'genrsa', '-traditional', '-out', 'key.pem', '2048'], check=True, capture_output=True)
public = subprocess.run(['openssl', 'rsa', '-in', 'key.pem', '-pubout', '-outform', 'DER'], check=True, capture_output=True)
text = 'v=DKIM1; k=rsa; p=' + base64.b64encode(public.stdout).decode()
with open('zone.txt', 'w') as zone:
    zone.write('s1._domainkey.shop.example. TXT (' + ' '.join(f'"{part}"' for part in re.findall('.{1,200}', text)) + ')\n')

message = (
    b'From: Shop <a@shop.example>\r\nTo: b@mail.example\r\nSubject:  Two   blanks\r\n and a fold\r\n'
    b'Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\nA line  with blanks \t\r\n\r\n.\r\nLast line\r\n\r\n\r\n'
)
key = open('key.pem', 'rb').read()
for header in (b'simple', b'relaxed'):
    for body in (b'simple', b'relaxed'):
        name = f'{header.decode()}-{body.decode()}.eml'
        signed = dkim.sign(message, b's1', b'shop.example', key, canonicalize=(header, body)) + message
        open(name, 'wb').write(signed)
        open('changed-' + name, 'wb').write(signed.replace(b'Last line', b'Last word'))
