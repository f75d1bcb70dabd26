# Seals and checks messages by libmail-dkim-perl, for ArcPeersTest: asks the DNS server of the test, and no other.
#
# arc_peer.pl verify PORT FOLDER                NAME WORD for each message
# arc_peer.pl seal KEY DOMAIN SELECTOR FOLDER   puts a set on each message, with what Authentication-Results of DOMAIN say
use strict;
use warnings;
use Mail::DKIM::ARC::Signer;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::DNS;
use Net::DNS;

sub slurp { my ($file) = @_; open(my $in, '<:raw', $file) or die "$file: $!"; local $/; return scalar <$in>; }

sub names { my ($folder) = @_; opendir(my $in, $folder) or die "$folder: $!"; return sort grep { !/^\./ } readdir($in); }

my ($verb, @given) = @ARGV;
if ($verb eq 'verify') {
    my ($port, $folder) = @given;
    Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 1));
    for my $name (names($folder)) {
        my $verifier = Mail::DKIM::ARC::Verifier->new();
        $verifier->PRINT(slurp("$folder/$name"));
        $verifier->CLOSE;
        print "$name ", $verifier->result, "\n";
    }
} else {
    my ($key, $domain, $selector, $folder) = @given;
    for my $name (names($folder)) {
        my $signer = Mail::DKIM::ARC::Signer->new(
            Algorithm => 'rsa-sha256', Chain => 'ar', Domain => $domain, SrvId => $domain, Selector => $selector,
            KeyFile => $key, Headers => 'From:To:Subject:Date');
        my $message = slurp("$folder/$name");
        $signer->PRINT($message);
        $signer->CLOSE;
        die $signer->{details} // 'not sealed' unless $signer->result eq 'sealed';
        open(my $out, '>:raw', "$folder/$name") or die "$name: $!";
        print $out join("\r\n", $signer->as_strings), "\r\n", $message;
    }
}
