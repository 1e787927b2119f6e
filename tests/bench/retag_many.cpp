// Tags one image many times in one process, over eight connections.
// usage: bench_retag_many REPOSITORY SOURCE PREFIX COUNT
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <samebits/samebits.hpp>

int main(int count, char** words) {
  if (count != 5) return 2;
  const auto repo = samebits::ImageRepo::parse(words[1]);
  if (!repo) return 2;
  const int tags = std::atoi(words[4]);
  samebits::Network network;
  std::atomic<int> next = 0;
  std::atomic<bool> good = true;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      const auto registry = samebits::open_registry(*repo, network);
      samebits::Context context;
      for (int number = next++; number < tags && good; number = next++) {
        const auto done = registry->retag(context, words[2], words[3] + std::to_string(number));
        if (done) continue;
        good = false;
        std::cerr << done.error() << '\n';
      }
    });
  for (std::thread& thread : threads) thread.join();
  return good ? 0 : 1;
}
