package dev.warder.reconcile;

import dev.warder.testkit.H2Memory;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class H2StoreTest implements StoreContract {
    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    @Override
    public DataSource database() {
        return h2.database();
    }
}
