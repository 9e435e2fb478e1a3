// Lua 5.4 as the system offers it. Only CLuaGuard includes it: everyone else sees plain data.
#ifndef TROUPE_CLUA_SHIM_H
#define TROUPE_CLUA_SHIM_H

#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>

#endif
