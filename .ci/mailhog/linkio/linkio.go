// Package linkio replaces github.com/ian-kent/linkio, which MailHog requires and which is no longer available. Its links
// do not limit the speed.
package linkio

import "io"

// Throughput is a number of bits per second.
type Throughput int

// BytePerSecond is one octet per second.
const BytePerSecond Throughput = 8

// Link is a link without a speed limit.
type Link struct{}

// NewLink returns a link.
func NewLink(Throughput) *Link { return &Link{} }

// NewLinkReader returns the reader itself.
func (*Link) NewLinkReader(r io.Reader) io.Reader { return r }

// NewLinkWriter returns the writer itself.
func (*Link) NewLinkWriter(w io.Writer) io.Writer { return w }
