# Signs and checks messages by libmail-dkim-perl, for DkimPeersTest: asks the DNS server of the test, and no other.
#
# dkim_peer.pl verify PORT FOLDER                         NAME WORD[,WORD...] for each message
# dkim_peer.pl sign KEY DOMAIN SELECTOR CANONICAL FOLDER  puts a signature on each message
use strict;
use warnings;
use Mail::DKIM::DNS;
use Mail::DKIM::Signer;
use Mail::DKIM::Verifier;
use Net::DNS;

sub slurp { my ($file) = @_; open(my $in, '<:raw', $file) or die "$file: $!"; local $/; return scalar <$in>; }

sub names { my ($folder) = @_; opendir(my $in, $folder) or die "$folder: $!"; return sort grep { !/^\./ } readdir($in); }

my ($verb, @given) = @ARGV;
if ($verb eq 'verify') {
    my ($port, $folder) = @given;
    Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $port, recurse => 1));
    for my $name (names($folder)) {
        my $verifier = Mail::DKIM::Verifier->new();
        my @words = eval {
            $verifier->PRINT(slurp("$folder/$name"));
            $verifier->CLOSE;
            map { $_->result // 'none' } $verifier->signatures;
        };
        print "$name ", join(',', @words), "\n";
    }
} else {
    my ($key, $domain, $selector, $canonical, $folder) = @given;
    for my $name (names($folder)) {
        my $signer = Mail::DKIM::Signer->new(
            Algorithm => 'rsa-sha256', Method => $canonical, Domain => $domain, Selector => $selector, KeyFile => $key);
        my $message = slurp("$folder/$name");
        $signer->PRINT($message);
        $signer->CLOSE;
        open(my $out, '>:raw', "$folder/$name") or die "$name: $!";
        print $out $signer->signature->as_string, "\r\n", $message;
    }
}
