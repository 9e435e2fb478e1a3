// libseccomp as the system offers it. Only CSyscallFilter includes it.
#ifndef TROUPE_CSECCOMP_SHIM_H
#define TROUPE_CSECCOMP_SHIM_H

#include <seccomp.h>

#endif
