# Signs and checks messages by libmail-dkim-perl, for DkimPeers: asks the DNS server of the test, and no other.
#
# dkim_peer.pl PORT reads lines, messages in Base64, and answers each with a line:
#
# verify MESSAGE                             WORD[,WORD...] or none
# sign KEY DOMAIN SELECTOR CANON MESSAGE     the field, in Base64; KEY is a file
use strict;
use warnings;
use MIME::Base64;
use Mail::DKIM::DNS;
use Mail::DKIM::Signer;
use Mail::DKIM::Verifier;
use Net::DNS;

$| = 1;
$SIG{__WARN__} = sub { };    # the library's own, of what is damaged
my ($port) = @ARGV;
Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 1));

sub verify {
    my ($message) = @_;
    my $verifier = Mail::DKIM::Verifier->new();
    my @words = eval {
        $verifier->PRINT($message);
        $verifier->CLOSE;
        map { $_->result // 'none' } $verifier->signatures;
    };
    return $@ ? 'died' : @words ? join(',', @words) : 'none';
}

sub sign {
    my ($key, $domain, $selector, $canonical, $message) = @_;
    my $signer = Mail::DKIM::Signer->new(
        Algorithm => 'rsa-sha256', Method => $canonical, Domain => $domain, Selector => $selector, KeyFile => $key);
    $signer->PRINT($message);
    $signer->CLOSE;
    return encode_base64($signer->signature->as_string . "\r\n", '');
}

while (my $line = <STDIN>) {
    my ($verb, @given) = split ' ', $line;
    push @given, decode_base64(pop @given);
    print $verb eq 'verify' ? verify(@given) : sign(@given), "\n";
}
