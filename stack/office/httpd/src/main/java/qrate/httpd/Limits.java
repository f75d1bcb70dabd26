package qrate.httpd;

/// How much all clients together may make the door hold, and how much one.
///
/// @param connections most at once
/// @param connectionsEach most of one client
/// @param bytes most of bodies and answers, in bytes of heap
/// @param bytesEach most of one client that holds more than one thing
/// @param turns most requests worked on at once
/// @param turnsEach most of one client
record Limits(int connections, int connectionsEach, long bytes, long bytesEach, int turns, int turnsEach) {
    /// The part of the heap that the door may fill, as in one over this.
    static final int HEAP_PART = 8;

    /// What a connection can cost while its header comes in, in bytes: twice the longest header, and what knows it.
    static final int CONNECTION_BYTES = 64 << 10;

    private static final int CONNECTIONS_MIN = 64;
    private static final int CONNECTIONS_MAX = 512;
    private static final int SHARES = 4;
    private static final int TURNS_MAX = 32;

    /// By the heap that there is.
    ///
    /// @param heapBytes the most this JVM may take
    static Limits of(long heapBytes) {
        long half = heapBytes / HEAP_PART / 2;
        int connections = Math.clamp(half / CONNECTION_BYTES, CONNECTIONS_MIN, CONNECTIONS_MAX);
        return new Limits(connections, connections / SHARES, half, half / SHARES, TURNS_MAX, TURNS_MAX / 2);
    }
}
