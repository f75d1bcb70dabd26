package qrate.tcpserver;

import java.net.InetAddress;

/// Both ends of a connection, the client's as PROXY says where a trusted proxy stands in between.
record Endpoints(InetAddress local, int localPort, InetAddress remote, int remotePort) {
    /// `local:ip:port remotehost:ip:info:port` as tcpserver prints it; names and info are not looked up.
    String forLog() {
        return ":" + Ip.text(local) + ":" + localPort + " :" + Ip.text(remote) + "::" + remotePort;
    }
}
