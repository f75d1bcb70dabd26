package qrate.images.embedded;

import qrate.core.Log;

/// `up` in a process of its own, for tests: {@link Main} refuses root, whom continuous integration runs as.
final class Up {
    private Up() {}

    public static void main(String[] arguments) throws Exception {
        Embedded.start(System.getenv(), Log.kept(System.getenv())).daemon().untilTerm();
    }
}
