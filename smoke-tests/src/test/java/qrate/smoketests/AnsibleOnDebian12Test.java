package qrate.smoketests;

import org.junit.jupiter.api.Tag;

/// The same on Debian 12; `./qrate test --long` runs it.
@Tag("long")
class AnsibleOnDebian12Test extends AnsibleTest {
    @Override
    String suite() {
        return "bookworm";
    }
}
