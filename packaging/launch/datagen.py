from multiprocessing import freeze_support

if __name__ == "__main__":
    freeze_support()  # before all else: a worker of the frozen program starts here too

    from datagen_engine.__main__ import main

    raise SystemExit(main())
