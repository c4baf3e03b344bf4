/** What operators and load balancers ask and do: health, {@code /admin}, and the platform MBean. */
@NullMarked
package dev.warder.admin;

import org.jspecify.annotations.NullMarked;
