# SPDX-FileCopyrightText: Kith contributors
# SPDX-License-Identifier: Apache-2.0
#
# A room of the house is one static library: its folder's sources, the rooms it stands on, and nothing global but the
# language standard. What a room may include is checked by tests/layering; the link line here says the same.

add_library(kith_settings INTERFACE)
target_compile_features(kith_settings INTERFACE cxx_std_20)
target_include_directories(kith_settings INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(kith_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align -Woverloaded-virtual
  -Wconversion -Wsign-conversion -Wdouble-promotion -Wformat=2
  $<$<BOOL:$ENV{CI}>:-Werror>
  $<$<CONFIG:Release,RelWithDebInfo>:-fstack-protector-strong>
  # What GCC 12 says of strings and variants that it has inlined is wrong.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release,RelWithDebInfo>>:-Wno-restrict -Wno-maybe-uninitialized>)
target_compile_definitions(kith_settings INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
if(KITH_SANITIZE)
  target_compile_options(kith_settings INTERFACE -fsanitize=${KITH_SANITIZE} -fno-omit-frame-pointer
                                                 -U_FORTIFY_SOURCE
    # GCC 12 takes the unused alternatives of a variant for uninitialised reads once sanitizers are in. Its word on
    # fences is about Qt's headers: we have none.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-tsan>)
  target_link_options(kith_settings INTERFACE -fsanitize=${KITH_SANITIZE})
endif()

# kith_join(TARGET): with KITH_JOIN_SOURCES, several of its sources become one for the compiler.
function(kith_join target)
  if(KITH_JOIN_SOURCES)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    # A class that a source keeps to itself may well hold another such class.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# kith_room(NAME SOURCES … USES …): a library. USES are public: a room's headers speak of the rooms below it.
function(kith_room name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "QT" "" "SOURCES;USES;PRIVATE_USES")
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC kith_settings ${arg_USES} PRIVATE ${arg_PRIVATE_USES})
  kith_join(${name})
  if(arg_QT)
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII)
  endif()
endfunction()

# kith_program(NAME SOURCES … USES …): an executable of app/.
function(kith_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE kith_settings ${arg_USES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII)
endfunction()

# kith_test(NAME SOURCES … USES … [LABELS …] [TIMEOUT s]): one test program a room; every source registers its Qt Test
# objects with KITH_TEST (tests/support/testmain.h). ctest name = NAME with dots. GUI: it opens windows (offscreen).
# Label `threads`: also run under the thread sanitizer (target thread_tests).
add_custom_target(thread_tests)
function(kith_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL;GUI" "TIMEOUT" "SOURCES;USES;LABELS;ENVIRONMENT")
  string(REPLACE "." "_" target "test.${name}")
  add_executable(${target} ${arg_SOURCES} ${PROJECT_SOURCE_DIR}/tests/support/testmain.cpp)
  target_link_libraries(${target} PRIVATE kith_settings Qt6::Test ${arg_USES})
  # Registration by moc needs no old-style casts of ours, its output has some.
  target_compile_options(${target} PRIVATE -Wno-old-style-cast)
  set_target_properties(${target} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/bin)
  if(arg_GUI)
    target_compile_definitions(${target} PRIVATE KITH_TEST_GUI)
    target_link_libraries(${target} PRIVATE Qt6::Gui)
  endif()
  add_test(NAME ${name} COMMAND ${target})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}" ENVIRONMENT
                                          "QT_QPA_PLATFORM=offscreen;${arg_ENVIRONMENT}")
  if("threads" IN_LIST arg_LABELS)
    add_dependencies(thread_tests ${target})
  endif()
  if(arg_SERIAL)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
  endif()
endfunction()

# kith_fuzzer(NAME SOURCES … USES …): a libFuzzer target with its corpus in tests/fuzz/corpus/NAME.
function(kith_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES")
  add_executable(fuzz_${name} ${arg_SOURCES})
  target_link_libraries(fuzz_${name} PRIVATE kith_settings ${arg_USES})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  file(MAKE_DIRECTORY ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  add_test(NAME fuzz.${name} COMMAND fuzz_${name} -max_total_time=5 -rss_limit_mb=2048 -timeout=10
                                     ${CMAKE_BINARY_DIR}/fuzz/work_${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz/work_${name})
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()
