package dev.warder.adminapi;

import dev.warder.testkit.H2Memory;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class H2ReportsTest implements ReportsContract {
    @RegisterExtension
    private final H2Memory source = new H2Memory();

    @Override
    public DataSource database() {
        return source.database();
    }
}
