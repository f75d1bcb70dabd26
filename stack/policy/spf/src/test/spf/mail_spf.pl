# Asks libmail-spf-perl (Mail::SPF), for SpfPeersTest: the DNS server of the test, and no other.
#
# Reads lines PORT ADDRESS SENDER HELO and answers each: the result, a space, its words.
use strict;
use warnings;
use Mail::SPF;
use Net::DNS;

$| = 1;
while (my $line = <STDIN>) {
    chomp $line;
    my ($port, $address, $sender, $helo) = split / /, $line;
    my $dns = Net::DNS::Resolver->new(
        nameservers => ['127.0.0.1'], port => $port, recurse => 1, retry => 1, defnames => 0, dnsrch => 0);
    my $server = Mail::SPF::Server->new(dns_resolver => $dns, hostname => 'mx.test');
    my $result = eval {
        my $request = Mail::SPF::Request->new(
            versions => [1], scope => 'mfrom', identity => $sender, ip_address => $address, helo_identity => $helo);
        $server->process($request);
    };
    my $said = $result ? $result->code . ' ' . $result->text : 'died ' . $@;
    $said =~ s/\s+/ /g;
    print "$said\n";
}
