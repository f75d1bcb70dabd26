package qrate.acme;

import java.io.IOException;

/// How a CA is shown that a name is ours.
sealed interface Answering permits HttpDoor, Hook {
    /// What the CA must find.
    ///
    /// @param name the name that is to be proved, without `*.`
    /// @param token by which HTTP-01 asks; empty with DNS-01
    /// @param content what stands at that place: the key authorization of HTTP-01, the digest of DNS-01
    record Answer(String name, String token, String content) {}

    /// Puts it where the CA looks.
    void present(Answer answer) throws IOException, InterruptedException;

    /// Takes it away again; whatever fails is logged only.
    void remove(Answer answer) throws InterruptedException;
}
