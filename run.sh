FAST='spark.sql.codegen.wholeStage=false spark.sql.codegen.factoryMode=NO_CODEGEN spark.sql.shuffle.partitions=1 spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1'
