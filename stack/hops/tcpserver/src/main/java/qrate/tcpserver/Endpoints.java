package qrate.tcpserver;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/// Both ends of a connection, the client's as PROXY says where a trusted proxy stands in between.
record Endpoints(InetAddress local, int localPort, InetAddress remote, int remotePort) {
    /// `local:ip:port remotehost:ip:info:port` as tcpserver prints it; names and info are not looked up.
    String forLog() {
        return ":" + Ip.text(local) + ":" + localPort + " :" + Ip.text(remote) + "::" + remotePort;
    }

    /// The TCP environment (tcp-environ(5)) and what a rule adds; names are not looked up.
    Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PROTO", "TCP");
        environment.put("TCPLOCALIP", Ip.text(local));
        environment.put("TCPLOCALPORT", Integer.toString(localPort));
        environment.put("TCPREMOTEIP", Ip.text(remote));
        environment.put("TCPREMOTEPORT", Integer.toString(remotePort));
        environment.putAll(more);
        return environment;
    }
}
